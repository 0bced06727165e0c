/**
 * Redis over REST. {@link dev.larder.server.rest.RestDoor} takes a request through the rooms beside
 * it: {@code request} reads commands out of it, {@code command} judges and translates them, {@code
 * engine} or {@code cluster} sends them, {@code reply} writes the answer while the replies come.
 * {@code stream} has what goes on and on. Only this package sees them all.
 */
@NullMarked
package dev.larder.server.rest;

import org.jspecify.annotations.NullMarked;
