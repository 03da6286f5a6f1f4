package sparrow.study.run;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.study.data.Item;
import sparrow.study.data.Turn;
import sparrow.study.speak.TextToSpeech;

/**
 * A question of a study, identified by its set and its index.
 *
 * @param place index in its set, from 0
 */
public record StudyQuestion(QuestionSet set, int place) {
    /** Returns all questions of the given sets, set by set. */
    public static List<StudyQuestion> of(List<QuestionSet> sets) {
        return sets.stream()
                .flatMap(set -> IntStream.range(0, set.items().size()).mapToObj(place -> new StudyQuestion(set, place)))
                .toList();
    }

    /**
     * Returns a function that prepares each question as specified by its set.
     *
     * @param textToSpeech synthesiser for questions without a recording
     */
    public static Experiment.Asking<StudyQuestion> asking(TextToSpeech textToSpeech) {
        return (question, member) ->
                new Batch.Entry(member, question.item().instructions(), textToSpeech.questions(question.item()), null);
    }

    /**
     * Speaks the first question of a set that has no recording, so that a command that cannot speak is reported before
     * long work.
     *
     * @throws IOException if the question cannot be spoken; the message is one line
     */
    public static void speakFirst(QuestionSet set, TextToSpeech textToSpeech) throws IOException {
        for (Item item : set.items()) {
            for (Turn turn : item.turns()) {
                if (turn.typed() || turn.recording().isPresent()) continue;
                try {
                    textToSpeech.speak(turn.question());
                } catch (IOException | IllegalArgumentException e) {
                    throw new IOException(set.name() + " " + item.id() + ": " + Failures.reason(e), e);
                }
                return;
            }
        }
    }

    /** Returns the question's item in the data set. */
    public Item item() {
        return set.items().get(place);
    }

    /**
     * Returns the fact that the question asks for: its reference answers, or the question itself without answers.
     * Replies to questions about one fact depend on each other, so that statistics count them as one observation.
     */
    public Object fact() {
        return item().answers().isEmpty() ? toString() : item().answers();
    }

    /** Returns a description of the question for messages. */
    @Override
    public String toString() {
        return set.name() + " " + item().id();
    }
}
