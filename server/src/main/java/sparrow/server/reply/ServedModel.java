package sparrow.server.reply;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.head.Sampling;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.Window;
import sparrow.models.pool.ConversationPool;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/**
 * The model that a server offers.
 *
 * @param id the model's name for clients
 * @param pool the pool that computes the replies
 * @param defaults the configuration of replies that a client does not override
 * @param created the time at which the model was opened
 * @param window the limits of a conversation; its maximum number of turns also applies to a history sent by a client
 * @param recognizer the recogniser that transcribes speech instead of the model
 */
public record ServedModel(
        String id,
        ConversationPool pool,
        GenerationConfig defaults,
        Instant created,
        Window window,
        Optional<RecognizerQueue> recognizer) {
    /** Names of OpenAI's voices, which clients must send. All names select the model's own voice. */
    private static final List<String> WELL_KNOWN =
            List.of(("alloy ash aster ballad beacon bossa cedar cinder coral delta echo fable gleam marin meridian "
                            + "nova onyx quartz ripple sage shida shimmer stone tempo verse vesper willow")
                    .split(" "));

    /** Name of the model's own voice. */
    public static final String OWN_VOICE = "default";

    /** Creates a model whose sessions drop their oldest turns as the model recommends. */
    public ServedModel(String id, ConversationPool pool, GenerationConfig defaults, Instant created) {
        this(id, pool, defaults, created, Window.of(pool.model()), Optional.empty());
    }

    /** Returns the model itself. */
    public SpokenModel model() {
        return pool.model();
    }

    /**
     * Accepts the {@code model} of a request, as specified by {@link ModelName}.
     *
     * @return a caution, or empty if the client requested this model
     * @throws RefusedException if the client requested another model
     */
    public Optional<String> acceptModel(String name) {
        return ModelName.accept(name, id, "model");
    }

    /** Returns the chat history for the model, without instructions if the model was not trained to follow them. */
    public ChatHistory obeyed(ChatHistory chat) {
        if (model().followsInstructions()) return chat;
        return new ChatHistory(Optional.empty(), chat.tools(), chat.earlier(), chat.question());
    }

    /** Returns the caution for a client whose instructions are ignored, or empty if the model follows them. */
    public Optional<String> leftOut() {
        return model().followsInstructions()
                ? Optional.empty()
                : Optional.of("instructions: " + id + " was not trained to follow them, so they are ignored");
    }

    /** Returns whether the user's speech is transcribed. */
    public boolean transcribes() {
        return recognizer.isPresent() || model().transcribes();
    }

    /**
     * Returns a view of the model for transcription.
     *
     * @throws RefusedException if the model does not transcribe
     */
    public SpokenModel transcriber() {
        try {
            return model().transcriber();
        } catch (IllegalArgumentException e) {
            throw new RefusedException("unsupported_endpoint", null, "address: not offered; " + e.getMessage());
        }
    }

    /**
     * Returns a view of the model for reading aloud.
     *
     * @param voice one of the model's voices, or a name that selects its default
     * @param param the place of the voice in the request, for errors
     * @throws RefusedException if the model does not read aloud or has no such voice
     */
    public SpokenModel reader(String voice, String param) {
        requireReader();
        List<String> voices = model().readingVoices();
        if (voices.contains(voice)) return model().reader(voice);
        if (!standsForUsual(voice)) throw notAVoice(String.join(", ", voices), voice, param);
        return model().reader(voices.getFirst());
    }

    /**
     * Checks that the model reads aloud.
     *
     * @throws RefusedException if the model does not read aloud
     */
    public void requireReader() {
        if (!model().readingVoices().isEmpty()) return;
        throw new RefusedException(
                "unsupported_endpoint",
                null,
                "address: not offered; " + model().name() + ": this model does not read aloud");
    }

    /**
     * Returns the configuration for a task: exits, limits and seed are the same as in conversations, and sampling
     * follows the recommendation of the task's authors.
     */
    public GenerationConfig defaults(SpokenModel task) {
        Sampling own = task.defaultSampling();
        Sampling seeded = new Sampling(
                own.temperature(),
                own.topK(),
                own.topP(),
                own.repetitionPenalty(),
                defaults.sampling().seed(),
                own.codes());
        return new GenerationConfig(defaults.plan(), seeded, defaults.limits());
    }

    /**
     * Checks that the voice that a client requests is supported.
     *
     * @param param the place of the voice in the request, for errors
     * @throws RefusedException if the voice is neither the model's own voice nor one of OpenAI's voices
     */
    public void requireVoice(String voice, String param) {
        if (!standsForUsual(voice)) throw notAVoice(OWN_VOICE, voice, param);
    }

    private static boolean standsForUsual(String voice) {
        return voice.equals(OWN_VOICE) || WELL_KNOWN.contains(voice);
    }

    private static RefusedException notAVoice(String own, String voice, String param) {
        return RefusedException.value(
                param,
                "voice: expected " + own + " or a name that selects the default (" + String.join(", ", WELL_KNOWN)
                        + "), got " + Json.brief(voice));
    }
}
