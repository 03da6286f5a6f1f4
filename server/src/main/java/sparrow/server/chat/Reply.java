package sparrow.server.chat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sparrow.engine.reply.StopReason;
import sparrow.models.pool.PooledReply;
import sparrow.server.audio.AudioEncoder;
import sparrow.server.audio.ChatFormat;
import sparrow.server.reply.Answering;
import sparrow.server.reply.Depth;

/**
 * A reply that is being generated, independent of how it is sent.
 *
 * @param asked the request
 * @param forgotten number of the oldest turns of the request that exceeded the window
 * @param audio format of its sound; empty if only text is requested
 * @param streams whether pieces are sent as they are generated
 * @param usage whether a stream ends with the cost of the reply
 * @param head the first fields of every object of the answer
 * @param audioId by which a later request can refer to it
 * @param expires when it is removed
 * @param kept replies that a later request can refer to
 */
record Reply(
        Answering.Asked asked,
        int forgotten,
        Optional<ChatFormat> audio,
        boolean streams,
        boolean usage,
        Completion.Head head,
        String audioId,
        Instant expires,
        KeptReplies kept) {
    /** Returns an encoder of its sound; empty if it has none. */
    Optional<AudioEncoder> encoder() {
        return audio.map(format -> format.encoder(asked.sampleRateHz()));
    }

    /** Keeps the reply if it was spoken or called tools, before the client is notified of its end. */
    void keep(PooledReply ended, List<Completion.Call> calls) {
        if (!calls.isEmpty()) kept.keep(calls.getFirst().id(), ended.units(), expires);
        if (audio.isPresent()) kept.keep(audioId, ended.units(), expires);
    }

    Completion.Usage cost(PooledReply ended) {
        return Completion.Usage.of(ended, asked.model().languageModel().units());
    }

    Depth depth(PooledReply ended) {
        return asked.depth(ended, forgotten);
    }

    /** Returns the clients' name of a reason to stop. */
    static String finishReason(StopReason stop, boolean calls) {
        return switch (stop) {
            case END_TOKEN -> calls ? "tool_calls" : "stop";
            case NEW_TOKENS, SPEECH_TAIL, RUNAWAY, CONTEXT_FULL, INTERRUPTED, CANCELLED -> "length";
        };
    }
}
