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
 * A reply that is being made, as far as it does not depend on how it is sent.
 *
 * @param asked what it answers
 * @param forgotten oldest turns that the client sent beside it: more than the window holds
 * @param audio format of its sound; empty if text alone is wanted
 * @param streams whether pieces are wanted as they are made
 * @param usage whether a stream is to end with what it cost
 * @param head what its answer begins with
 * @param audioId by which a later request can name it
 * @param expires when it will be forgotten
 * @param kept replies that a later request can name
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
    /** An encoder of its sound; empty if it has none. */
    Optional<AudioEncoder> encoder() {
        return audio.map(format -> format.encoder(asked.sampleRateHz()));
    }

    /** Keeps it if it was spoken or called tools, before the client is notified of its end. */
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

    /** The clients' name of a reason to stop. */
    static String finishReason(StopReason stop, boolean calls) {
        return switch (stop) {
            case END_TOKEN -> calls ? "tool_calls" : "stop";
            case NEW_TOKENS, SPEECH_TAIL, RUNAWAY, CONTEXT_FULL, INTERRUPTED, CANCELLED -> "length";
        };
    }
}
