/** Redis over REST. */
@NullMarked
package dev.larder.server.rest;

import org.jspecify.annotations.NullMarked;
