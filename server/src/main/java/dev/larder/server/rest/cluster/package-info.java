/**
 * The door to a Cluster. The {@code Router} decides by a command's words where it goes; {@link
 * dev.larder.server.rest.cluster.ClusterLink} splits a request into sub-requests, one for each node
 * or slot, sends them, follows where nodes send them on to, and merges what comes back into what a
 * single engine would have answered.
 */
@NullMarked
package dev.larder.server.rest.cluster;

import org.jspecify.annotations.NullMarked;
