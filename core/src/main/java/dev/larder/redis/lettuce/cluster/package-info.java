/**
 * A Cluster as one event loop knows it: {@link dev.larder.redis.lettuce.cluster.SlotTable} says
 * which node has which slots, as one of them told it, and {@link
 * dev.larder.redis.lettuce.cluster.ClusterNodes} keeps the table fresh and a connection to each
 * primary. What is sent where, and what of a redirection is believed, is for those who send.
 */
@NullMarked
package dev.larder.redis.lettuce.cluster;

import org.jspecify.annotations.NullMarked;
