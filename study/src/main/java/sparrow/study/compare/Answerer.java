package sparrow.study.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.engine.decode.Reply;
import sparrow.models.Prompt;
import sparrow.study.run.Failures;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Prompts;
import sparrow.study.run.Replies;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;

/**
 * The first part of a comparison: every row answers every question. A batch of questions is heard once and goes through
 * all rows; replies that are there already stay as they are. Batches are cut from the list of all questions, whatever is
 * there already: what stands beside a row of a product may change the last bit of its result, and so, once in a great
 * while, a token. A batch that was stopped is therefore decoded whole once more.
 */
final class Answerer {
    private final CompareSetup setup;
    private final CompareFiles files;
    private final RunProgress progress;
    private final Prompts prompts;
    private final Map<PolicyCase, Replies> decoders = new LinkedHashMap<>();
    private final SequencedMap<StudyQuestion, String> unasked = new LinkedHashMap<>();

    private record Heard(StudyQuestion asked, Prompt prompt) {}

    Answerer(CompareSetup setup, CompareFiles files, RunProgress progress) {
        this.setup = setup;
        this.files = files;
        this.progress = progress;
        this.prompts = new Prompts(setup.model(), setup.textToSpeech());
        for (PolicyCase row : setup.rows()) {
            decoders.put(row, new Replies(setup.model(), row.plan(), setup.decoding()));
        }
    }

    /**
     * Asks.
     *
     * @return questions that could not be asked, and why; the next run tries them again
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted; what was answered is kept
     */
    SequencedMap<StudyQuestion, String> run() throws IOException {
        List<StudyQuestion> questions = List.copyOf(setup.questions());
        progress.begin("asking", missing(questions));
        long seed = setup.decoding().sampling().seed();
        try (SpeechWriter writer = new SpeechWriter(setup.model(), files, seed, progress::done)) {
            for (int from = 0; from < questions.size(); from += setup.batch()) {
                ask(questions.subList(from, Math.min(questions.size(), from + setup.batch())), writer);
                writer.nextBatch();
            }
            writer.finish();
        }
        return unasked;
    }

    private int missing(List<StudyQuestion> questions) throws IOException {
        int missing = 0;
        for (PolicyCase row : setup.rows()) missing += missing(row, questions).size();
        return missing;
    }

    private List<StudyQuestion> missing(PolicyCase row, List<StudyQuestion> questions) throws IOException {
        List<StudyQuestion> missing = new ArrayList<>();
        for (StudyQuestion asked : questions) if (!files.holds(row, asked)) missing.add(asked);
        return missing;
    }

    private void ask(List<StudyQuestion> batch, SpeechWriter writer) throws IOException {
        SequencedMap<PolicyCase, List<StudyQuestion>> missing = new LinkedHashMap<>();
        for (PolicyCase row : setup.rows()) {
            List<StudyQuestion> open = missing(row, batch);
            if (!open.isEmpty()) missing.put(row, open);
        }
        if (missing.isEmpty()) return;
        List<Heard> heard = heard(batch, missing.values());
        if (heard.isEmpty()) return;
        for (PolicyCase row : missing.keySet()) {
            progress.now(row.toString());
            List<Reply> replies =
                    decoders.get(row).to(heard.stream().map(Heard::prompt).toList());
            for (int i = 0; i < heard.size(); i++) {
                Heard ask = heard.get(i);
                if (!missing.get(row).contains(ask.asked())) continue;
                writer.accept(row, ask.asked(), ask.prompt().tokens().length, replies.get(i));
            }
        }
    }

    private List<Heard> heard(List<StudyQuestion> batch, Collection<List<StudyQuestion>> missing)
            throws RunStoppedException {
        List<Heard> heard = new ArrayList<>();
        for (StudyQuestion asked : batch) {
            try {
                heard.add(new Heard(asked, prompts.of(asked.item())));
            } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                // Reading fails as well where the thread is interrupted.
                if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
                // One recording of a thousand that is silent or broken must not end a run of hours.
                unasked.put(asked, Failures.reason(e));
                missing.stream().filter(open -> open.contains(asked)).forEach(open -> progress.done());
            }
        }
        return heard;
    }
}
