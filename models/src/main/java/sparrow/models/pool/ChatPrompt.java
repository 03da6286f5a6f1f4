package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.head.Input;
import sparrow.engine.interleave.Unit;
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
record ChatPrompt(int[] ids, List<PromptEmbeddings> embeddings, int shared, int audio, List<Part> turns) {
    /**
     * The place of a turn.
     *
     * @param first id of its prompt, behind the system turn
     * @param reply first id of its reply
     * @param units of its reply
     */
    record Part(int first, int reply, List<Unit> units) {
        /** The place behind its last id. */
        int end() {
            return reply + units.size();
        }
    }

    /** @throws IllegalArgumentException if a question cannot be understood */
    static ChatPrompt of(SpokenModel model, ChatHistory chat) {
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

    /** Its first ids. */
    ChatPrompt cut(int length) {
        return new ChatPrompt(Arrays.copyOf(ids, length), embeddings, Math.min(shared, length), audio, turns);
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
     * The positions of the prompt that stay while the question goes on: all up to the place where the prompt of a
     * longer question parts from it.
     */
    static int lasting(SpokenModel model, ChatHistory chat) {
        if (!(chat.question() instanceof Question.Codes codes)) return 0;
        int[] longer = new int[codes.codes().length + 1];
        System.arraycopy(codes.codes(), 0, longer, 0, codes.codes().length);
        ChatHistory more = new ChatHistory(
                chat.instructions(), chat.tools(), chat.earlier(), new Question.Codes(longer), List.of());
        int[] one = of(model, chat).ids();
        int[] other = of(model, more).ids();
        int common = 0;
        while (common < Math.min(one.length, other.length) && one[common] == other[common]) common++;
        return common;
    }
}
