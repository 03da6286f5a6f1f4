/**
 * Messages of both wires, HTTP and WebSocket: their {@link sparrow.server.message.Json}, the {@link sparrow.server.message.Check checks}
 * of its fields, the {@link sparrow.server.message.RefusedException} that a client gets for a bad one, and the {@link
 * sparrow.server.message.MessageMemory} that bounds long ones.
 */
package sparrow.server.message;
