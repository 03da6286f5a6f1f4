/**
 * Audio on the wire: formats with their encoders and decoders ({@link sparrow.server.audio.RealtimeFormat},
 * {@link sparrow.server.audio.ChatFormat}) for 16-bit PCM, {@link sparrow.speech.wave.G711 G.711}, WAV and Opus in Ogg;
 * base64 pieces; an estimate of the part of a reply that a listener has heard
 * ({@link sparrow.server.audio.PlaybackClock}); and the queue of messages for a socket
 * ({@link sparrow.server.audio.SendQueue}). The package does not depend on models or sockets, and starts no threads.
 */
package sparrow.server.audio;
