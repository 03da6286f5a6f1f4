package sparrow.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.text.TextStream;
import sparrow.models.SpokenModel;

/**
 * The ids of a reply, kept in an attribute of its message. With them the next turn follows the reply itself, sound
 * included, and its keys and values are still there.
 */
final class KeptReply {
    /** The attribute: a list of numbers, so that a chat memory can store it as JSON. */
    static final String IDS_KEY = "sparrow_reply_ids";

    private KeptReply() {}

    /** The attribute for a reply of these ids. */
    static List<Integer> kept(int[] ids) {
        return IntStream.of(ids).boxed().toList();
    }

    /**
     * The ids of a message. They are the kept ids, if these are ids of this model and still give the text of the message, and
     * the ids of its text otherwise: for an edited message, and for a reply of another model.
     */
    static int[] ids(SpokenModel model, AiMessage message) {
        String text = message.text() == null ? "" : message.text();
        if (message.attributes().get(IDS_KEY) instanceof List<?> kept) {
            int usable = model.languageModel().tokens().usable();
            boolean possible = kept.stream()
                    .allMatch(id -> id instanceof Number n && n.longValue() >= 0 && n.longValue() < usable);
            if (possible) {
                int[] ids =
                        kept.stream().mapToInt(id -> ((Number) id).intValue()).toArray();
                if (text(model, ids).equals(text)) return ids;
            }
        }
        return model.replyTokens(text);
    }

    private static String text(SpokenModel model, int[] ids) {
        TokenSpace tokens = model.languageModel().tokens();
        TextStream stream = model.textStream();
        StringBuilder text = new StringBuilder();
        for (int id : tokens.text(ids)) text.append(stream.accept(id));
        return text.append(stream.finish()).toString();
    }
}
