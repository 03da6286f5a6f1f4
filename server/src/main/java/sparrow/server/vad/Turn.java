package sparrow.server.vad;

import sparrow.server.audio.Sound;

/**
 * The sound of one turn.
 *
 * @param startMs where its audio begins, its padding included, in all audio of the session
 * @param endMs where it was found to have ended, the silence that showed it included
 * @param audio from the start on, at {@link Vad#RATE_HZ}; of the silence at the end only its beginning, so that it may end
 *     before {@code endMs}
 */
public record Turn(long startMs, long endMs, Sound audio) {}
