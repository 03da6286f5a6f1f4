package sparrow.server.vad;

import sparrow.server.audio.Sound;

/**
 * The audio of one turn.
 *
 * @param startMs the start of the audio, including padding, as a position in the session's audio
 * @param endMs the position at which the end was detected, after the silence that ended the turn
 * @param audio the audio at {@link Vad#RATE_HZ}; it may end before {@code endMs}, because it contains only the beginning
 *     of the silence
 */
public record Turn(long startMs, long endMs, Sound audio) {}
