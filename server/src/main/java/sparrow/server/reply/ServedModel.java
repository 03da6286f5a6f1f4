package sparrow.server.reply;

import java.time.Instant;
import java.util.List;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.SpokenModel;
import sparrow.models.Window;
import sparrow.models.pool.ConversationPool;

/**
 * The model that a server serves.
 *
 * @param id what clients call it
 * @param pool answers
 * @param defaults how it answers unless a client wants something else
 * @param created when it was opened
 * @param window bounds of a conversation; those of its turns bound a history that a client sends, too
 */
public record ServedModel(String id, ConversationPool pool, GenerationConfig defaults, Instant created, Window window) {
    /** Names of OpenAI's voices: clients must send one, and get the model's own. */
    private static final List<String> WELL_KNOWN = List.of(
            "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer",
            "verse");

    /** The name of the model's own voice. */
    public static final String OWN_VOICE = "default";

    /** Sessions forget their oldest turns as the model recommends. */
    public ServedModel(String id, ConversationPool pool, GenerationConfig defaults, Instant created) {
        this(id, pool, defaults, created, pool.model().defaultWindow());
    }

    /** The model itself. */
    public SpokenModel model() {
        return pool.model();
    }

    /**
     * Refuses a voice that a client may not ask for.
     *
     * @param param where it stands in the request, for the error
     * @throws RefusedException if it is neither the model's own nor one of OpenAI's, which stand for it
     */
    public void requireVoice(String voice, String param) {
        if (voice.equals(OWN_VOICE) || WELL_KNOWN.contains(voice)) return;
        throw RefusedException.value(
                param,
                "voice: expected " + OWN_VOICE + " or a name that stands for it (" + String.join(", ", WELL_KNOWN)
                        + "), got " + voice.substring(0, Math.min(voice.length(), 40)));
    }
}
