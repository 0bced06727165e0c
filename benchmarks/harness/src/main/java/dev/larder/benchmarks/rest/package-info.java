/**
 * {@code bin/bench rest}: our node and other doors over HTTP, under {@link
 * dev.larder.benchmarks.rest.Wrk}'s load.
 */
@NullMarked
package dev.larder.benchmarks.rest;

import org.jspecify.annotations.NullMarked;
