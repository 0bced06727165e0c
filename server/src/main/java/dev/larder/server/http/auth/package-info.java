/**
 * Who may come in. {@link dev.larder.server.http.auth.Tokens} finds the {@link
 * dev.larder.server.http.auth.Token} that a request bears, and with it what its bearer may do and
 * as whom the engine sees him. {@link dev.larder.server.http.auth.UserTokens} seals those of the
 * engine's users, and {@link dev.larder.server.http.auth.GuessLimit} says how often their passwords
 * may be tried.
 */
@NullMarked
package dev.larder.server.http.auth;

import org.jspecify.annotations.NullMarked;
