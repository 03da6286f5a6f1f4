package sparrow.models.chat;

import java.util.List;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.models.SpokenModel;

/** Measures chats in the context of a model, and the sound of its replies, so that both can be cut. */
public interface ChatMeasure {
    /** Positions of the model's context. */
    int contextLength();

    /**
     * Positions that the prompt of a chat takes.
     *
     * @throws IllegalArgumentException if a question cannot be understood
     */
    int length(ChatHistory chat);

    /** The units of a reply without its sound: what was said stays as text. */
    List<Unit> words(List<Unit> reply);

    /** Seconds of sound in a reply. */
    double seconds(List<Unit> reply);

    /**
     * The units of a reply up to the last one that was heard. Text before it stays: it led to what was heard.
     *
     * @param reply units without an end token
     * @param heardSeconds sound that was played, 0 or more; units that were begun and not heard to their end do not count
     * @return the same units if all was heard; none if nothing was
     */
    List<Unit> heardPart(List<Unit> reply, double heardSeconds);

    /** The measure of a model. */
    static ChatMeasure of(SpokenModel model) {
        UnitFormat units = model.languageModel().units();
        return new ChatMeasure() {
            @Override
            public int contextLength() {
                return model.languageModel().transformer().config().contextLength();
            }

            @Override
            public int length(ChatHistory chat) {
                return ChatPrompt.of(model, chat).ids().length;
            }

            @Override
            public List<Unit> words(List<Unit> reply) {
                return reply.stream().filter(unit -> !units.isSpeech(unit)).toList();
            }

            @Override
            public double seconds(List<Unit> reply) {
                return reply.stream().mapToInt(unit -> units.codes(unit).length).sum() / model.codesPerSecond();
            }

            @Override
            public List<Unit> heardPart(List<Unit> reply, double heardSeconds) {
                // A whole number of codes, given as seconds, must not lose one to rounding.
                long heard = (long) Math.floor(heardSeconds * model.codesPerSecond() + 1e-6) / units.codebooks();
                if (heard == 0) return List.of();
                int end = 0;
                long said = 0;
                for (int i = 0; i < reply.size(); i++) {
                    if (units.codes(reply.get(i)).length > 0 && ++said == heard) end = i + 1;
                }
                // Text after the last sound belongs to it.
                return said <= heard ? reply : reply.subList(0, end);
            }
        };
    }
}
