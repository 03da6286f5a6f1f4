package sparrow.models.chat;

import java.util.List;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.models.SpokenModel;

/**
 * Measures the lengths of chat histories in a model's context and the durations of replies, so that both can be
 * truncated.
 */
public interface ChatMeasure {
    /** Returns the number of positions in the model's context. */
    int contextLength();

    /**
     * Returns the prompt for a chat history.
     *
     * @throws IllegalArgumentException if the model cannot encode a question
     */
    ChatPrompt prompt(ChatHistory chat);

    /** Returns the units of a reply that are not speech. */
    List<Unit> words(List<Unit> reply);

    /** Returns the duration of a reply's audio in seconds. */
    double seconds(List<Unit> reply);

    /**
     * Returns a reply's units up to the last unit that was played completely. Earlier text is retained, because the
     * played audio depends on it.
     *
     * @param reply units without an end token
     * @param heardSeconds the seconds of audio that were played, 0 or more; partly played units are excluded
     * @return the same units if all audio was played, or an empty list if no audio was played
     */
    List<Unit> heardPart(List<Unit> reply, double heardSeconds);

    /** Returns the measure for a model. */
    static ChatMeasure of(SpokenModel model) {
        UnitFormat units = model.languageModel().units();
        return new ChatMeasure() {
            @Override
            public int contextLength() {
                return model.languageModel().transformer().config().contextLength();
            }

            @Override
            public ChatPrompt prompt(ChatHistory chat) {
                return ChatPrompt.of(model, chat);
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
                // If the duration was computed from a number of codes, rounding must not lose a code.
                long heard = (long) Math.floor(heardSeconds * model.codesPerSecond() + 1e-6) / units.codebooks();
                if (heard == 0) return List.of();
                int end = 0;
                long audioUnits = 0;
                for (int i = 0; i < reply.size(); i++) {
                    if (units.codes(reply.get(i)).length > 0 && ++audioUnits == heard) end = i + 1;
                }
                // Text after the last audio unit belongs to that unit.
                return audioUnits <= heard ? reply : reply.subList(0, end);
            }
        };
    }
}
