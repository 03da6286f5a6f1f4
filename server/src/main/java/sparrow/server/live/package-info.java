/**
 * GPT-Live over a WebSocket: OpenAI's full-duplex protocol for a {@linkplain sparrow.server.realtime Realtime} session.
 * The server detects the user's turns, and sends speech about as fast as it is played.
 */
package sparrow.server.live;
