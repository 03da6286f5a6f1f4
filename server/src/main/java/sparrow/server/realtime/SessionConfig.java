package sparrow.server.realtime;

import java.util.Optional;
import java.util.OptionalInt;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.reply.Served;
import sparrow.server.reply.Wishes;

/**
 * What a client may change of a session.
 *
 * @param modality of responses
 * @param instructions how the model is to answer; empty for none
 * @param inputFormat of the client's sound
 * @param turnDetection none for manual turns
 * @param outputFormat of the server's sound
 * @param voice as the client calls it
 * @param maxOutputTokens of a response; none for as many as the server allows
 * @param truncation for a full context
 * @param wishes exits of the model
 */
record SessionConfig(
        OutputModality modality,
        String instructions,
        RealtimeFormat inputFormat,
        Optional<TurnDetection> turnDetection,
        RealtimeFormat outputFormat,
        String voice,
        OptionalInt maxOutputTokens,
        Truncation truncation,
        Wishes wishes) {
    /** What a session begins with. */
    static final SessionConfig DEFAULT = new SessionConfig(
            OutputModality.AUDIO,
            "",
            RealtimeFormat.PCM,
            Optional.of(TurnDetection.DEFAULT),
            RealtimeFormat.PCM,
            Served.OWN_VOICE,
            OptionalInt.empty(),
            new Truncation.Auto(),
            Wishes.NONE);

    /** The instructions, if there are any. */
    Optional<String> instruction() {
        return instructions.isBlank() ? Optional.empty() : Optional.of(instructions);
    }
}
