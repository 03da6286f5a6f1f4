package sparrow.models.chat;

import java.util.List;
import sparrow.engine.interleave.Unit;
import sparrow.models.SpokenModel;

/** Measures chats in the context of a model, so that a {@link Window} can fit them into it. */
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

    /** The measure of a model. */
    static ChatMeasure of(SpokenModel model) {
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
                return SpokenPart.words(model, reply);
            }

            @Override
            public double seconds(List<Unit> reply) {
                return SpokenPart.seconds(model, reply);
            }
        };
    }
}
