package sparrow.study.run;

import java.io.IOException;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.TurnPosition;
import sparrow.study.data.Item;
import sparrow.study.speak.TextToSpeech;

/**
 * Makes prompts of questions: each is spoken to the model, at the beginning of a conversation.
 *
 * @param textToSpeech speaks questions without a recording
 */
public record Prompts(SpokenModel model, TextToSpeech textToSpeech) {
    /**
     * The prompt of a question.
     *
     * @throws IllegalArgumentException if the question cannot be understood, or does not fit the context
     * @throws IOException if there is no speech to be had
     */
    public Prompt of(Item item) throws IOException {
        return of(new Question.Spoken(textToSpeech.question(item)), model);
    }

    static Prompt of(Question question, SpokenModel model) {
        Prompt prompt = model.prompt(question, TurnPosition.FIRST);
        int context = model.languageModel().transformer().config().contextLength();
        if (prompt.tokens().length >= context) {
            throw new IllegalArgumentException(
                    "prompt: expected less than the context of " + context + " tokens, got " + prompt.tokens().length);
        }
        return prompt;
    }
}
