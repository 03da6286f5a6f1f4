/**
 * Messages of both wires, HTTP and WebSocket. {@link sparrow.server.message.Json} reads and writes them, and {@link
 * sparrow.server.message.Check} checks their fields. A client gets a {@link sparrow.server.message.RefusedException} for a bad one. {@link
 * sparrow.server.message.MessageMemory} bounds the memory of long ones.
 */
package sparrow.server.message;
