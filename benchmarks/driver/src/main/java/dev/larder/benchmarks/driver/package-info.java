/**
 * Load on a client of Redis, from within its JVM. {@link dev.larder.benchmarks.driver.Driver} is
 * what a subject's {@code main} hands its {@link dev.larder.benchmarks.driver.Client} to: it reads
 * loads line by line, puts them on the client ({@link dev.larder.benchmarks.driver.ClosedLoop},
 * {@link dev.larder.benchmarks.driver.OpenLoop}) and prints a result for each. Keys and values are
 * those of a {@link dev.larder.benchmarks.driver.DataSet}, and every reply is checked. Only the JDK
 * is needed here, because every subject has a class path of its own.
 */
@NullMarked
package dev.larder.benchmarks.driver;

import org.jspecify.annotations.NullMarked;
