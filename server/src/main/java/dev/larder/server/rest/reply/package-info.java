/**
 * Answers in the form that their callers ask for: JSON, JSON with strings in base64, or RESP2. They
 * are written while the replies arrive.
 */
@NullMarked
package dev.larder.server.rest.reply;

import org.jspecify.annotations.NullMarked;
