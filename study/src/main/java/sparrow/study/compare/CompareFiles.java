package sparrow.study.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.study.run.FileDigest;
import sparrow.study.run.Findings;
import sparrow.study.run.ItemFiles;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.RunFolder;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.WholeFile;

/**
 * What a comparison keeps of every row and question: {@code replies/} with their sound, {@code scores/}, and apart from
 * them, because no two runs agree on it, {@code times/}.
 */
final class CompareFiles implements Findings<StudyQuestion, Answerer.SpokenReply> {
    private final ItemFiles<KeptReply> replies;
    private final ItemFiles<Assessment> scores;
    private final ItemFiles<TimedReply> times;

    CompareFiles(RunFolder run) {
        replies = run.items("replies", KeptReply.class);
        scores = run.items("scores", Assessment.class);
        times = run.items("times", TimedReply.class);
    }

    /** Whether a reply is there with all of its sound. Reads it all. */
    @Override
    public boolean holds(StudyQuestion asked, PolicyCase row) throws IOException {
        Optional<KeptReply> reply = reply(row, asked);
        return reply.isPresent() && hasSound(reply.get(), row, asked);
    }

    /** A reply that is there; its sound is looked at by {@link #holds} alone. */
    Optional<KeptReply> reply(PolicyCase row, StudyQuestion asked) throws IOException {
        return replies.read(names(row, asked));
    }

    private boolean hasSound(KeptReply reply, PolicyCase row, StudyQuestion asked) throws IOException {
        if (reply.speech() == null) return true;
        try {
            return FileDigest.sha256(Files.readAllBytes(wav(row, asked)))
                    .equals(reply.speech().sha256());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Keeps the sound of a reply, and then the reply itself. */
    @Override
    public void keep(StudyQuestion asked, PolicyCase row, Answerer.SpokenReply found) throws IOException {
        if (found.wav() != null) WholeFile.write(wav(row, asked), found.wav());
        replies.write(found.reply(), names(row, asked));
    }

    /** Where the sound of a reply lies. */
    Path wav(PolicyCase row, StudyQuestion asked) {
        return replies.file(".wav", names(row, asked));
    }

    Optional<Assessment> assessment(PolicyCase row, StudyQuestion asked) throws IOException {
        return scores.read(names(row, asked));
    }

    void keep(Assessment assessment, PolicyCase row, StudyQuestion asked) throws IOException {
        scores.write(assessment, names(row, asked));
    }

    Optional<TimedReply> timed(PolicyCase row, StudyQuestion asked) throws IOException {
        return times.read(names(row, asked));
    }

    void keep(TimedReply timed, PolicyCase row, StudyQuestion asked) throws IOException {
        times.write(timed, names(row, asked));
    }

    /** What there is of a row: replies and what is thought of them, in the order of the questions. */
    List<ItemResult> results(PolicyCase row, List<StudyQuestion> questions) throws IOException {
        List<ItemResult> results = new ArrayList<>();
        for (StudyQuestion asked : questions) {
            Optional<KeptReply> reply = reply(row, asked);
            if (reply.isEmpty()) continue;
            results.add(
                    new ItemResult(asked, reply.get(), assessment(row, asked).orElse(Assessment.none())));
        }
        return results;
    }

    private static String[] names(PolicyCase row, StudyQuestion asked) {
        return new String[] {row.folder(), asked.set().name(), asked.item().id()};
    }
}
