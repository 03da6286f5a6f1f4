package sparrow.models.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.decode.Sequence;
import sparrow.engine.head.Input;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Span;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.TurnPosition;

/**
 * The token list that a chat asks for: what a sequence holds before the reply begins.
 *
 * @param ids all of them, from the system turn to the opening of the reply
 * @param embeddings hidden states that stand in place of some
 * @param shared leading ids that every conversation of its kind begins with
 * @param audio ids that stand for sound: what was heard, and speech codes of earlier replies
 * @param turns the place of each turn, the question's last
 */
public record ChatPrompt(int[] ids, List<PromptEmbeddings> embeddings, int shared, int audio, List<Part> turns) {
    /**
     * The place of a turn.
     *
     * @param first id of its prompt, after the system turn
     * @param reply first id of its reply
     * @param units of its reply
     */
    public record Part(int first, int reply, List<Unit> units) {
        /** The place after its last id. */
        int end() {
            return reply + units.size();
        }
    }

    /** @throws IllegalArgumentException if the model cannot encode a question */
    public static ChatPrompt of(SpokenModel model, ChatHistory chat) {
        IntStream.Builder ids = IntStream.builder();
        List<PromptEmbeddings> embeddings = new ArrayList<>();
        List<Part> turns = new ArrayList<>();
        int length = 0;
        int shared = 0;
        TurnPosition position = TurnPosition.FIRST;
        List<ChatTurn> all = new ArrayList<>(chat.earlier());
        all.add(new ChatTurn(chat.question()));
        for (ChatTurn turn : all) {
            Prompt prompt = model.prompt(turn.question(), position, chat.instructions(), chat.tools());
            for (PromptEmbeddings states : prompt.embeddings()) {
                embeddings.add(new PromptEmbeddings(length + states.at(), states.values()));
            }
            for (int id : prompt.tokens()) ids.add(id);
            int reply = length + prompt.tokens().length;
            List<Input> said = turn.reply().stream()
                    .map(model.languageModel().units()::input)
                    .toList();
            for (Input input : said) ids.add(input.token());
            embeddings.addAll(
                    PromptEmbeddings.of(said, reply, model.languageModel().width()));
            turns.add(new Part(length + prompt.shared(), reply, turn.reply()));
            length = reply + said.size();
            if (position == TurnPosition.FIRST) shared = prompt.shared();
            position = TurnPosition.LATER;
        }
        int[] list = ids.build().toArray();
        return new ChatPrompt(list, embeddings, shared, audio(model, list, embeddings), turns);
    }

    private static int audio(SpokenModel model, int[] ids, List<PromptEmbeddings> embeddings) {
        int width = model.languageModel().width();
        int vectors = embeddings.stream()
                .mapToInt(states -> states.values().length / width)
                .sum();
        int codes = (int) IntStream.of(ids)
                .filter(model.languageModel().tokens()::isSpeech)
                .count();
        return vectors + codes;
    }

    /**
     * The beginning of the prompt of a question that is still being said: all positions before the place where the prompt of a
     * longer question differs. Empty if there are none, as for models that hear whole questions only.
     */
    public static Optional<ChatPrompt> stablePrefix(SpokenModel model, ChatHistory chat) {
        if (!(chat.question() instanceof Question.Codes codes)) return Optional.empty();
        int[] longer = Arrays.copyOf(codes.codes(), codes.codes().length + 1);
        ChatHistory more = new ChatHistory(
                chat.instructions(), chat.tools(), chat.earlier(), new Question.Codes(longer), List.of());
        ChatPrompt prompt = of(model, chat);
        int[] other = of(model, more).ids();
        int difference = Arrays.mismatch(prompt.ids, other);
        int common = difference < 0 ? other.length : difference;
        if (common == 0) return Optional.empty();
        return Optional.of(new ChatPrompt(
                Arrays.copyOf(prompt.ids, common),
                prompt.embeddings,
                Math.min(prompt.shared, common),
                prompt.audio,
                prompt.turns));
    }

    /**
     * The place of a truncated chat's token list in the list that it was before.
     *
     * @param whole the list as it would be without truncation
     * @param retained its part that stays
     */
    public record Eviction(ChatPrompt whole, List<Span> retained) {
        /** The eviction of a chat; empty if it was not truncated, or none of its keys and values may serve. */
        public static Optional<Eviction> of(SpokenModel model, ChatHistory chat, ChatPrompt prompt) {
            if (chat.before().isEmpty()) return Optional.empty();
            ChatPrompt whole = ChatPrompt.of(
                    model,
                    new ChatHistory(chat.instructions(), chat.tools(), chat.before(), chat.question(), List.of()));
            return Optional.of(new Eviction(
                    whole, retained(whole, prompt, model.languageModel().units())));
        }

        /** The system turn; then, of the turns that are left, all that stands in both lists. */
        private static List<Span> retained(ChatPrompt whole, ChatPrompt left, UnitFormat units) {
            List<Span> spans = new ArrayList<>();
            add(spans, 0, whole.shared());
            int gone = whole.turns().size() - left.turns().size();
            for (int i = 0; i < left.turns().size(); i++) {
                Part to = left.turns().get(i);
                Part from = whole.turns().get(gone + i);
                // Before a question may stand what ended the turn before, which goes with that.
                add(spans, from.reply() - Math.min(from.reply() - from.first(), to.reply() - to.first()), from.reply());
                boolean wordsOnly = to.end() - to.reply() < from.end() - from.reply();
                for (int at = from.reply(); at < from.end(); at++) {
                    Unit unit = from.units().get(at - from.reply());
                    if (!wordsOnly || !units.isSpeech(unit)) add(spans, at, at + 1);
                }
            }
            return spans;
        }

        /** Adds a span; adjacent ones become one. */
        private static void add(List<Span> spans, int first, int end) {
            if (first == end) return;
            boolean joins = !spans.isEmpty() && spans.getLast().end() == first;
            spans.add(joins ? new Span(spans.removeLast().first(), end) : new Span(first, end));
        }

        /**
         * Drops the truncated part from a sequence, as far as that holds the list.
         *
         * @param wanted the truncated list: nothing happens where the sequence holds more of that already
         * @return positions that were dropped
         */
        public int apply(Sequence sequence, ChatPrompt wanted) {
            int held = sequence.commonPrefix(whole.ids(), whole.embeddings());
            List<Span> spans = Span.within(retained, held);
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
}
