/**
 * HTTP and WebSocket messages. {@link sparrow.server.message.Json} reads and writes them, and
 * {@link sparrow.server.message.Check} checks their fields. A client receives a
 * {@link sparrow.server.message.RefusedException} for an invalid message. {@link sparrow.server.message.MessageMemory}
 * limits the memory of long messages.
 */
package sparrow.server.message;
