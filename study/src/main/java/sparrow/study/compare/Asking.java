package sparrow.study.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.engine.decode.Reply;
import sparrow.models.Prompt;
import sparrow.study.run.Replies;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;

/**
 * The first part of a comparison: every row answers every question. A batch of questions is heard once and goes through
 * all rows; replies that are there already stay as they are.
 */
final class Asking {
    private final CompareSetup setup;
    private final CompareFiles files;
    private final RunProgress progress;
    private final Prompts prompts;
    private final Map<PolicyRow, Replies> decoders = new LinkedHashMap<>();
    private final SequencedMap<Asked, String> unasked = new LinkedHashMap<>();

    /** One question and the rows that have not answered it. */
    private record Open(Asked asked, List<PolicyRow> rows) {}

    private record Heard(Open open, Prompt prompt) {}

    Asking(CompareSetup setup, CompareFiles files, RunProgress progress) {
        this.setup = setup;
        this.files = files;
        this.progress = progress;
        this.prompts = new Prompts(setup.model(), setup.textToSpeech());
        for (PolicyRow row : setup.rows()) {
            decoders.put(row, new Replies(setup.model(), row.plan(), setup.decoding()));
        }
    }

    /**
     * Asks.
     *
     * @return questions that could not be asked, and why; the next run tries them again
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted; what was answered is kept
     */
    SequencedMap<Asked, String> run() throws IOException {
        List<Open> open = open();
        progress.begin("asking", open.stream().mapToInt(o -> o.rows().size()).sum());
        long seed = setup.decoding().sampling().seed();
        try (SpeechWriter writer = new SpeechWriter(setup.model(), files, seed, progress::done)) {
            for (int from = 0; from < open.size(); from += setup.batch()) {
                ask(open.subList(from, Math.min(open.size(), from + setup.batch())), writer);
                writer.nextBatch();
            }
            writer.finish();
        }
        return unasked;
    }

    private List<Open> open() throws IOException {
        List<Open> open = new ArrayList<>();
        for (Asked asked : setup.questions()) {
            List<PolicyRow> rows = new ArrayList<>();
            for (PolicyRow row : setup.rows()) {
                if (!files.holds(row, asked)) rows.add(row);
            }
            if (!rows.isEmpty()) open.add(new Open(asked, rows));
        }
        return open;
    }

    private void ask(List<Open> batch, SpeechWriter writer) throws IOException {
        List<Heard> heard = new ArrayList<>();
        for (Open open : batch) {
            try {
                heard.add(new Heard(open, prompts.of(open.asked().item())));
            } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                // Reading fails as well where the thread is interrupted.
                if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
                // One recording of a thousand that is silent or broken must not end a run of hours.
                unasked.put(open.asked(), Failures.reason(e));
                open.rows().forEach(row -> progress.done());
            }
        }
        for (PolicyRow row : setup.rows()) {
            List<Heard> asks =
                    heard.stream().filter(h -> h.open().rows().contains(row)).toList();
            if (asks.isEmpty()) continue;
            progress.now(row.toString());
            List<Reply> replies =
                    decoders.get(row).to(asks.stream().map(Heard::prompt).toList());
            for (int i = 0; i < asks.size(); i++) {
                Heard ask = asks.get(i);
                writer.accept(row, ask.open().asked(), ask.prompt().tokens().length, replies.get(i));
            }
        }
    }
}
