/**
 * Messages of HTTP and WebSocket. {@link sparrow.server.message.Json} reads and writes them, and
 * {@link sparrow.server.message.Check} checks their fields. A client receives a
 * {@link sparrow.server.message.RefusedException} for an invalid one. {@link sparrow.server.message.MessageMemory}
 * bounds the memory of long ones.
 */
package sparrow.server.message;
