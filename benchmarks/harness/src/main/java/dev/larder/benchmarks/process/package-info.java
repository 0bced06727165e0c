/**
 * What is started: {@link dev.larder.benchmarks.process.Processes} starts servers, commands and
 * conversations and ends them all, {@link dev.larder.benchmarks.process.Tool} finds the programs,
 * {@link dev.larder.benchmarks.process.RedisEngine} is the engine that all subjects share, {@link
 * dev.larder.benchmarks.process.MavenBuild} makes what is ours.
 */
@NullMarked
package dev.larder.benchmarks.process;

import org.jspecify.annotations.NullMarked;
