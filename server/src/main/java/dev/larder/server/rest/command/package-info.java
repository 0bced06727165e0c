/**
 * What is known of commands: the {@link dev.larder.server.rest.command.Guard} says who may send
 * which, the {@link dev.larder.server.rest.command.Translator} brings them into the engine's own
 * dialect, by scripts (the Lua files beside it) where the engine lacks them, and {@link
 * dev.larder.server.rest.command.CommandKeys} finds their keys. All of it is decided from the words
 * of a command and the engine's own list, which {@link
 * dev.larder.server.rest.command.EngineCommands} keeps; nothing here sends anything.
 */
@NullMarked
package dev.larder.server.rest.command;

import org.jspecify.annotations.NullMarked;
