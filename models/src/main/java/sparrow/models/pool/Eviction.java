package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.Sequence;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Span;
import sparrow.models.SpokenModel;
import sparrow.models.pool.ChatPrompt.Part;

/**
 * The place of a truncated chat's token list in the list that it was before.
 *
 * @param whole the list as it would be without truncation
 * @param kept the part that is retained
 */
record Eviction(ChatPrompt whole, List<Span> kept) {
    /** The eviction of a chat; empty if it was not truncated, or none of its keys and values may serve. */
    static Optional<Eviction> of(SpokenModel model, ChatHistory chat, ChatPrompt prompt) {
        if (chat.before().isEmpty()) return Optional.empty();
        ChatPrompt whole = ChatPrompt.of(
                model, new ChatHistory(chat.instructions(), chat.tools(), chat.before(), chat.question(), List.of()));
        return Optional.of(
                new Eviction(whole, kept(whole, prompt, model.languageModel().units())));
    }

    /** The system turn; then, of the turns that are left, all that stands in both lists. */
    private static List<Span> kept(ChatPrompt whole, ChatPrompt left, UnitFormat units) {
        List<Span> spans = new ArrayList<>();
        add(spans, 0, whole.shared());
        int gone = whole.turns().size() - left.turns().size();
        for (int i = 0; i < left.turns().size(); i++) {
            Part to = left.turns().get(i);
            Part from = whole.turns().get(gone + i);
            // In front of a question may stand what ended the turn before, which goes with that.
            add(spans, from.reply() - Math.min(from.reply() - from.first(), to.reply() - to.first()), from.reply());
            boolean wordsOnly = to.end() - to.reply() < from.end() - from.reply();
            for (int at = from.reply(); at < from.end(); at++) {
                Unit unit = from.units().get(at - from.reply());
                if (!wordsOnly || !units.isSpeech(unit)) add(spans, at, at + 1);
            }
        }
        return spans;
    }

    /** Neighbours become one. */
    private static void add(List<Span> spans, int first, int end) {
        if (first == end) return;
        boolean joins = !spans.isEmpty() && spans.getLast().end() == first;
        spans.add(joins ? new Span(spans.removeLast().first(), end) : new Span(first, end));
    }

    /**
     * Drops the truncated part from a sequence, as far as that holds the list.
     *
     * @param wanted the truncated list: nothing happens where the sequence holds more of that already
     * @return positions that are gone
     */
    int of(Sequence sequence, ChatPrompt wanted) {
        int held = sequence.commonPrefix(whole.ids(), whole.embeddings());
        List<Span> spans = Span.within(kept, held);
        int left = Span.length(spans);
        boolean serves = left > sequence.commonPrefix(wanted.ids(), wanted.embeddings());
        if (!serves || !Arrays.equals(ids(spans), Arrays.copyOf(wanted.ids(), left))) return 0;
        sequence.retain(spans);
        return held - left;
    }

    private int[] ids(List<Span> spans) {
        return spans.stream()
                .flatMapToInt(span -> Arrays.stream(whole.ids(), span.first(), span.end()))
                .toArray();
    }
}
