/** What every door of the node shares: who may come in, how much, and how errors look. */
@NullMarked
package dev.larder.server.http;

import org.jspecify.annotations.NullMarked;
