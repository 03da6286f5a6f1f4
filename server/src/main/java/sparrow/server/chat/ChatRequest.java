package sparrow.server.chat;

import java.util.Optional;
import sparrow.models.pool.ChatHistory;
import sparrow.server.audio.ChatFormat;
import sparrow.server.reply.RequestOverrides;

/**
 * A request for a reply.
 *
 * @param chat that is to be answered
 * @param forgotten oldest turns that the client sent beside it: more than the window holds
 * @param caution what is otherwise than the client said, in a line
 * @param audio format of the spoken reply; empty if text alone is wanted
 * @param stream whether pieces are wanted as they are made
 * @param usage whether a stream is to end with what it cost
 * @param overrides how to answer
 * @param hearingNanos time that encoding its recordings took; 0 if they were known
 */
record ChatRequest(
        ChatHistory chat,
        int forgotten,
        Optional<String> caution,
        Optional<ChatFormat> audio,
        boolean stream,
        boolean usage,
        RequestOverrides overrides,
        long hearingNanos) {}
