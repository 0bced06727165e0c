/**
 * Names the test that hangs, and ends it. JUnit's timeouts end a test or lifecycle method that
 * takes too long, but reach neither static initialisers nor extensions nor shutdown hooks; and
 * Surefire's limits for the JVM that runs the tests name no test, do not end a JVM that hangs
 * (SUREFIRE-1722), and pass one that does not exit. So {@link dev.larder.testwatch.TestWatch},
 * which JUnit finds on the class path of every module's tests, writes down what starts and ends,
 * says where nothing does for long, and before those limits prints what runs, with the stacks of
 * all threads, and ends the JVM.
 */
@NullMarked
package dev.larder.testwatch;

import org.jspecify.annotations.NullMarked;
