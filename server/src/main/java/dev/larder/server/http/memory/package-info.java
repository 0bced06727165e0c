/**
 * How much memory callers may take of the node, all of them together: a {@link
 * dev.larder.server.http.memory.ByteBudget} for the bytes of requests and one for those of answers,
 * measured against the heap. Each request and each answer has a share, which grows as it does, and
 * is given back when nothing of it is held any more. Who would take more than there is, is refused;
 * who is in, is served.
 */
@NullMarked
package dev.larder.server.http.memory;

import org.jspecify.annotations.NullMarked;
