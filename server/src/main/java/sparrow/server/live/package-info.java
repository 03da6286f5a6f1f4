/**
 * GPT-Live over a WebSocket: OpenAI's full-duplex protocol as another form of a {@linkplain sparrow.server.realtime
 * Realtime} session. The server finds the turns, and sends sound about as fast as it is heard.
 */
package sparrow.server.live;
