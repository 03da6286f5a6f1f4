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
 * The tokens of a chat history, which a sequence contains before the reply begins.
 *
 * @param ids all ids, from the system turn to the opening of the reply
 * @param embeddings hidden states that replace token embeddings
 * @param shared the number of leading ids with which every conversation of this kind begins
 * @param audio the number of ids that represent audio: encoded questions, and speech codes of earlier replies
 * @param turns the positions of all turns, ending with the question's turn
 * @param question the prompt of the question's turn
 */
public record ChatPrompt(
        int[] ids, List<PromptEmbeddings> embeddings, int shared, int audio, List<Part> turns, Prompt question) {
    /**
     * The position of a turn.
     *
     * @param first the index of the first id of the turn's prompt, after the system turn
     * @param reply the index of the first id of the turn's reply
     * @param units the units of the reply
     */
    public record Part(int first, int reply, List<Unit> units) {
        /** Returns the index after the turn's last id. */
        int end() {
            return reply + units.size();
        }
    }

    /**
     * Creates the prompt for a chat history.
     *
     * @throws IllegalArgumentException if the model cannot encode a question
     */
    public static ChatPrompt of(SpokenModel model, ChatHistory chat) {
        IntStream.Builder ids = IntStream.builder();
        List<PromptEmbeddings> embeddings = new ArrayList<>();
        List<Part> turns = new ArrayList<>();
        int length = 0;
        int shared = 0;
        TurnPosition position = TurnPosition.FIRST;
        Prompt prompt = null;
        List<ChatTurn> all = new ArrayList<>(chat.earlier());
        all.add(new ChatTurn(chat.question()));
        for (ChatTurn turn : all) {
            prompt = model.prompt(turn.question(), position, chat.instructions(), chat.tools());
            for (PromptEmbeddings states : prompt.embeddings()) {
                embeddings.add(new PromptEmbeddings(length + states.at(), states.values()));
            }
            for (int id : prompt.tokens()) ids.add(id);
            int reply = length + prompt.tokens().length;
            List<Input> inputs = turn.reply().stream()
                    .map(model.languageModel().units()::input)
                    .toList();
            for (Input input : inputs) ids.add(input.token());
            embeddings.addAll(
                    PromptEmbeddings.of(inputs, reply, model.languageModel().width()));
            turns.add(new Part(length + prompt.shared(), reply, turn.reply()));
            length = reply + inputs.size();
            if (position == TurnPosition.FIRST) shared = prompt.shared();
            position = TurnPosition.LATER;
        }
        int[] list = ids.build().toArray();
        return new ChatPrompt(list, embeddings, shared, audio(model, list, embeddings), turns, prompt);
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
     * Returns the beginning of the prompt for a question that is still being spoken. The result contains all positions
     * before the first position that would differ in the prompt for a longer question. It is empty if there are no such
     * positions, and for all models that encode only complete questions.
     */
    public static Optional<ChatPrompt> stablePrefix(SpokenModel model, ChatHistory chat) {
        Optional<Question> longer = longer(model, chat.question());
        if (longer.isEmpty()) return Optional.empty();
        ChatHistory more = new ChatHistory(chat.instructions(), chat.tools(), chat.earlier(), longer.get());
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
                prompt.turns,
                prompt.question));
    }

    /**
     * Returns an encoded question with another code or vector at its end, or empty if the question consists of neither
     * codes nor vectors.
     */
    private static Optional<Question> longer(SpokenModel model, Question question) {
        return switch (question) {
            case Question.Codes(int[] codes, double _) ->
                Optional.of(new Question.Codes(Arrays.copyOf(codes, codes.length + 1)));
            case Question.Embeddings(List<float[]> pieces, double seconds) -> {
                List<float[]> more = new ArrayList<>(pieces);
                float[] last = more.removeLast();
                more.add(Arrays.copyOf(last, last.length + model.languageModel().width()));
                yield Optional.of(new Question.Embeddings(more, seconds));
            }
            default -> Optional.empty();
        };
    }

    /**
     * The tokens that a truncation removes from a sequence.
     *
     * @param whole the prompt without truncation
     * @param retained the retained parts of this prompt
     */
    public record Eviction(ChatPrompt whole, List<Span> retained) {
        /** Returns the eviction that turns a prompt into its truncated prompt. */
        public static Eviction of(ChatPrompt whole, ChatPrompt truncated, UnitFormat units) {
            return new Eviction(whole, retained(whole, truncated, units));
        }

        /** Returns the system turn, followed by the parts of the remaining turns that both prompts contain. */
        private static List<Span> retained(ChatPrompt whole, ChatPrompt left, UnitFormat units) {
            List<Span> spans = new ArrayList<>();
            add(spans, 0, whole.shared());
            int gone = whole.turns().size() - left.turns().size();
            for (int i = 0; i < left.turns().size(); i++) {
                Part to = left.turns().get(i);
                Part from = whole.turns().get(gone + i);
                // The tokens before a question may end the previous turn; they are then dropped with that turn.
                add(spans, from.reply() - Math.min(from.reply() - from.first(), to.reply() - to.first()), from.reply());
                boolean wordsOnly = to.end() - to.reply() < from.end() - from.reply();
                for (int at = from.reply(); at < from.end(); at++) {
                    Unit unit = from.units().get(at - from.reply());
                    if (!wordsOnly || !units.isSpeech(unit)) add(spans, at, at + 1);
                }
            }
            return spans;
        }

        /** Adds a span. Adjacent spans are merged. */
        private static void add(List<Span> spans, int first, int end) {
            if (first == end) return;
            boolean joins = !spans.isEmpty() && spans.getLast().end() == first;
            spans.add(joins ? new Span(spans.removeLast().first(), end) : new Span(first, end));
        }

        /**
         * Removes the truncated part from a sequence, as far as the sequence contains the prompt without truncation.
         * Does nothing if the sequence contains more of the truncated prompt.
         *
         * @param wanted the truncated prompt
         * @return the number of removed positions
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
