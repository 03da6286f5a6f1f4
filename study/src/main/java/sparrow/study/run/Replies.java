package sparrow.study.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.Generation;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.text.TextStream;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatTurn;
import sparrow.study.run.EncodedConversation.EncodedQuestion;

/**
 * Decodes replies of a model with an exit plan, several at once. A reply does not depend on the other questions of its
 * batch, unless the last bit of a product decides a token.
 */
public final class Replies {
    private final SpokenModel model;
    private final Decoder decoder;

    /**
     * Creates a decoder of replies with an exit plan.
     *
     * @throws IllegalArgumentException if the model does not support the plan
     */
    public Replies(SpokenModel model, ExitPlan plan, Decoding decoding) {
        this.model = model;
        this.decoder = StrategyFactory.decoder(
                model.languageModel(), new GenerationConfig(plan, decoding.sampling(), decoding.limits()));
    }

    /**
     * Returns the replies in the order of the questions.
     *
     * @throws IllegalArgumentException if a prompt does not fit in the context
     * @throws RunStoppedException if the thread is interrupted, because incomplete replies are not returned
     */
    public List<Reply> to(List<EncodedQuestion> questions) throws RunStoppedException {
        Reply[] replies = new Reply[questions.size()];
        try {
            to(questions, (place, reply) -> replies[place] = reply);
        } catch (RunStoppedException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Cannot happen, because nothing is written.
        }
        return List.of(replies);
    }

    /** A consumer of completed replies. */
    @FunctionalInterface
    public interface Ended {
        /**
         * Called on the decoding thread, while other replies continue.
         *
         * @param place index of the question, from 0
         */
        void reply(int place, Reply reply) throws IOException;
    }

    /**
     * Decodes the replies, and passes each reply to the consumer when it is complete.
     *
     * @throws IllegalArgumentException if a prompt does not fit in the context
     * @throws RunStoppedException if the thread is interrupted, because incomplete replies are not passed on
     * @throws IOException if {@code ended} throws it
     */
    public void to(List<EncodedQuestion> questions, Ended ended) throws IOException {
        SequencedMap<Integer, Generation> going = new LinkedHashMap<>();
        try {
            for (EncodedQuestion question : questions) going.put(going.size(), decoder.admit(request(question)));
            while (decoder.prefill(Transformer.PASS_POSITIONS) > 0) {
                // All prompts are prefilled first.
            }
            while (!going.isEmpty()) {
                decoder.step();
                for (int place : List.copyOf(going.keySet())) {
                    if (!going.get(place).hasEnded()) continue;
                    Reply reply = going.remove(place).reply();
                    if (reply.stop() == StopReason.INTERRUPTED) throw new RunStoppedException();
                    ended.reply(place, reply);
                }
            }
        } finally {
            going.values().forEach(decoder::cancel);
        }
    }

    /**
     * Returns the last question of each conversation, preceded by the earlier turns with the replies under this plan.
     *
     * @throws RunStoppedException if the thread was interrupted
     */
    public List<EncodedQuestion> lastQuestions(List<EncodedConversation> conversations) throws RunStoppedException {
        Map<EncodedConversation, List<ChatTurn>> earlier = new IdentityHashMap<>();
        for (EncodedConversation one : conversations) earlier.put(one, new ArrayList<>());
        List<EncodedConversation> unfinished = conversations;
        for (int turn = 0; !unfinished.isEmpty(); turn++) {
            int before = turn + 1;
            unfinished = unfinished.stream()
                    .filter(one -> one.turns().size() > before)
                    .toList();
            List<Reply> replies = to(unfinished.stream()
                    .map(one -> one.question(model, earlier.get(one)))
                    .toList());
            for (int i = 0; i < replies.size(); i++) {
                EncodedConversation one = unfinished.get(i);
                earlier.get(one).add(new ChatTurn(one.turns().get(turn), withoutEnd(replies.get(i))));
            }
        }
        return conversations.stream()
                .map(one -> one.question(model, earlier.get(one)))
                .toList();
    }

    private List<Unit> withoutEnd(Reply reply) {
        List<Unit> units = reply.units();
        boolean ended = model.languageModel().units().isEnd(units.getLast());
        return ended ? units.subList(0, units.size() - 1) : units;
    }

    private Request request(EncodedQuestion question) {
        Prompt prompt = question.prompt();
        return prompt.request(model.begin(prompt))
                .withStream(question.stream())
                .withProbabilities(model.hasConfidence());
    }

    /** Returns the text of a reply's units. */
    public static String text(SpokenModel model, List<Unit> units) {
        TextStream stream = model.textStream();
        StringBuilder text = new StringBuilder();
        for (Unit unit : units) {
            model.languageModel().units().text(unit).ifPresent(id -> text.append(stream.accept(id)));
        }
        return text.append(stream.finish()).toString();
    }

    /** Returns the audio codes of a reply, unit by unit. */
    public static int[] codes(SpokenModel model, List<Unit> units) {
        return model.languageModel().units().synthesized(units);
    }
}
