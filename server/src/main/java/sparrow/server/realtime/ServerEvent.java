package sparrow.server.realtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import sparrow.server.audio.Base64Piece;
import sparrow.server.audio.RealtimeFormat;

/** What the server sends. {@link ServerEventWriter} says how each looks on the wire. */
sealed interface ServerEvent {
    /** {@code session.created}. */
    record SessionCreated(SessionView session) implements ServerEvent {}

    /** {@code session.updated}. */
    record SessionUpdated(SessionView session) implements ServerEvent {}

    /** {@code conversation.created}. */
    record ConversationCreated(String id) implements ServerEvent {}

    /** {@code input_audio_buffer.speech_started}: milliseconds of all sound appended in the session. */
    record SpeechStarted(String itemId, long audioStartMs) implements ServerEvent {}

    /** {@code input_audio_buffer.speech_stopped}. */
    record SpeechStopped(String itemId, long audioEndMs) implements ServerEvent {}

    /** {@code input_audio_buffer.committed}. */
    record AudioCommitted(String itemId, Optional<String> previous) implements ServerEvent {}

    /** {@code input_audio_buffer.cleared}. */
    record AudioCleared() implements ServerEvent {}

    /** {@code conversation.item.added}. */
    record ItemAdded(Item item, Optional<String> previous) implements ServerEvent {}

    /** {@code conversation.item.done}. */
    record ItemDone(Item item, Optional<String> previous) implements ServerEvent {}

    /**
     * {@code conversation.item.retrieved}.
     *
     * @param audio base64 of its parts by their place, as far as it is kept
     */
    record ItemRetrieved(Item item, Map<Integer, String> audio) implements ServerEvent {}

    /** {@code conversation.item.deleted}. */
    record ItemDeleted(String itemId) implements ServerEvent {}

    /** {@code conversation.item.truncated}. */
    record ItemTruncated(String itemId, long audioEndMs) implements ServerEvent {}

    /** {@code response.created}. */
    record ResponseCreated(ResponseView response) implements ServerEvent {}

    /** {@code response.output_item.added}. */
    record OutputItemAdded(String responseId, Item item) implements ServerEvent {}

    /** {@code response.content_part.added}. */
    record PartAdded(Place place, OutputModality modality) implements ServerEvent {}

    /** {@code response.output_audio_transcript.delta} or {@code response.output_text.delta}. */
    record WordsDelta(Place place, OutputModality modality, String words, String trace) implements ServerEvent {}

    /**
     * {@code response.output_audio.delta}.
     *
     * @param ms how long it sounds
     */
    record AudioDelta(Place place, Base64Piece sound, long ms, String trace) implements ServerEvent {}

    /** {@code response.output_audio.done}. */
    record AudioDone(Place place) implements ServerEvent {}

    /** {@code response.output_audio_transcript.done} or {@code response.output_text.done}. */
    record WordsDone(Place place, OutputModality modality, String words) implements ServerEvent {}

    /** {@code response.content_part.done}. */
    record PartDone(Place place, OutputModality modality, String words) implements ServerEvent {}

    /** {@code response.output_item.done}. */
    record OutputItemDone(String responseId, Item item) implements ServerEvent {}

    /** {@code response.done}: the last one of a response. */
    record ResponseDone(ResponseView response) implements ServerEvent {}

    /** {@code rate_limits.updated}: there are none. */
    record RateLimits() implements ServerEvent {}

    /** {@code output_audio_buffer.cleared}. */
    record OutputCleared(String responseId) implements ServerEvent {}

    /**
     * {@code error}: the session goes on.
     *
     * @param problem what is wrong
     * @param clientEvent the event that it answers
     */
    record Failed(Problem problem, Optional<String> clientEvent) implements ServerEvent {}

    /**
     * Where in a response something belongs; every response has one item of one part.
     *
     * @param responseId the response
     * @param itemId its item
     */
    record Place(String responseId, String itemId) {}

    /**
     * A session, as clients see it.
     *
     * @param id its name
     * @param model what it talks with
     * @param expiresAt when it ends, seconds since 1970
     * @param config what a client may change
     */
    record SessionView(String id, String model, long expiresAt, SessionConfig config) {}

    /**
     * A response, as clients see it.
     *
     * @param id its name
     * @param status how far it came
     * @param reason why it was cut off
     * @param problem why it failed
     * @param output its items, none before the end
     * @param conversationId none if it stays out of the conversation
     * @param modality its form
     * @param maxOutputTokens its bound; none for the server's
     * @param format of its sound
     * @param voice as the client calls it
     * @param metadata the client's and the server's
     * @param usage tokens, at the end
     */
    record ResponseView(
            String id,
            Status status,
            Optional<String> reason,
            Optional<Problem> problem,
            List<Item> output,
            Optional<String> conversationId,
            OutputModality modality,
            OptionalInt maxOutputTokens,
            RealtimeFormat format,
            String voice,
            Map<String, String> metadata,
            Optional<Usage> usage) {}

    /** How far a response came. */
    enum Status {
        /** More will come. */
        IN_PROGRESS,
        /** It was said to its end. */
        COMPLETED,
        /** Somebody stopped it. */
        CANCELLED,
        /** It hit a bound. */
        INCOMPLETE,
        /** It broke off. */
        FAILED
    }

    /**
     * Tokens of a response.
     *
     * @param input of the prompt
     * @param inputAudio those of them that stand for sound
     * @param cached those of them whose keys and values were there already
     * @param outputText decided
     * @param outputAudio decided
     */
    record Usage(int input, int inputAudio, int cached, int outputText, int outputAudio) {}
}
