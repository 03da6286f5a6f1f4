package sparrow.server.realtime;

import java.util.Optional;
import sparrow.server.reply.RefusedException;

/** What a client may send. */
sealed interface ClientEvent {
    /** {@code session.update}: the fields that are present are merged. */
    record UpdateSession(Fields session) implements ClientEvent {}

    /** {@code input_audio_buffer.append}: sound in the session's input format. */
    record AppendAudio(byte[] bytes) implements ClientEvent {}

    /** {@code input_audio_buffer.commit}: the turn ends here. */
    record CommitAudio() implements ClientEvent {}

    /** {@code input_audio_buffer.clear}: the sound so far is forgotten. */
    record ClearAudio() implements ClientEvent {}

    /**
     * {@code conversation.item.create}.
     *
     * @param after the item behind which it goes, {@code root} for the beginning; none for the end
     */
    record CreateItem(ItemDraft item, Optional<String> after) implements ClientEvent {}

    /** {@code conversation.item.retrieve}. */
    record RetrieveItem(String id) implements ClientEvent {}

    /** {@code conversation.item.delete}. */
    record DeleteItem(String id) implements ClientEvent {}

    /** {@code conversation.item.truncate}: so much of it was heard. */
    record TruncateItem(String id, long audioEndMs) implements ClientEvent {}

    /** {@code response.create}. */
    record CreateResponse(ResponseWishes wishes) implements ClientEvent {}

    /** {@code response.cancel}: the one of that name; none for the one of the conversation. */
    record CancelResponse(Optional<String> id) implements ClientEvent {}

    /** {@code output_audio_buffer.clear}. */
    record ClearOutput() implements ClientEvent {}

    /** Something that is none of these. */
    record Unreadable(RefusedException why) implements ClientEvent {}

    /**
     * An event with its name.
     *
     * @param id of the client's choice, which errors carry
     */
    record Named(Optional<String> id, ClientEvent event) {}
}
