/**
 * Commands as callers write them: in JSON ({@link dev.larder.server.rest.request.JsonCommands}) or
 * in a path ({@link dev.larder.server.rest.request.PathCommand}). Both become a {@link
 * dev.larder.server.rest.request.CommandBatch}, slices of the bytes that came.
 */
@NullMarked
package dev.larder.server.rest.request;

import org.jspecify.annotations.NullMarked;
