/**
 * Sound on the wire. Formats with their encoders and decoders ({@link sparrow.server.audio.RealtimeFormat}, {@link
 * sparrow.server.audio.ChatFormat}): 16-bit PCM, {@link sparrow.speech.wave.G711 G.711}, WAV, Opus in Ogg; base64 in pieces; what a listener has heard
 * ({@link sparrow.server.audio.PlaybackClock}) and what still waits for the socket ({@link sparrow.server.audio.SendQueue}).
 * The package knows neither models nor sockets; nothing in it starts a thread.
 */
package sparrow.server.audio;
