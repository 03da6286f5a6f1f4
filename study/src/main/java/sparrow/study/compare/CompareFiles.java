package sparrow.study.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.weights.AtomicFile;
import sparrow.study.run.FileDigest;
import sparrow.study.run.ItemFiles;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.ResultStore;
import sparrow.study.run.RunFolder;
import sparrow.study.run.StudyQuestion;

/**
 * The files of a comparison for every policy and question: {@code replies/} with their sound, {@code scores/}, and apart from
 * them, because no two runs agree on it, {@code times/}.
 */
final class CompareFiles implements ResultStore<StudyQuestion, SpokenReplyJob.SpokenReply> {
    private final ItemFiles<KeptReply> replies;
    private final ItemFiles<Assessment> scores;
    private final ItemFiles<TimedReply> times;

    CompareFiles(RunFolder run) {
        replies = run.items("replies", KeptReply.class);
        scores = run.items("scores", Assessment.class);
        times = run.items("times", TimedReply.class);
    }

    /** True if a reply is there with all of its sound, which is read. */
    @Override
    public boolean holds(StudyQuestion asked, PolicyCase policy) throws IOException {
        Optional<KeptReply> reply = reply(policy, asked);
        return reply.isPresent() && hasSound(reply.get(), policy, asked);
    }

    /** A reply that is there; its sound is looked at by {@link #holds} alone. */
    Optional<KeptReply> reply(PolicyCase policy, StudyQuestion asked) throws IOException {
        return replies.read(names(policy, asked));
    }

    private boolean hasSound(KeptReply reply, PolicyCase policy, StudyQuestion asked) throws IOException {
        if (reply.speech() == null) return true;
        try {
            return FileDigest.sha256(Files.readAllBytes(wav(policy, asked)))
                    .equals(reply.speech().sha256());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Keeps the sound of a reply, and then the reply itself. */
    @Override
    public void keep(StudyQuestion asked, PolicyCase policy, SpokenReplyJob.SpokenReply found) throws IOException {
        if (found.wav() != null) {
            Path wav = wav(policy, asked);
            Files.createDirectories(wav.getParent());
            AtomicFile.write(wav, found.wav());
        }
        replies.write(found.reply(), names(policy, asked));
    }

    /** The file of a reply's sound. */
    Path wav(PolicyCase policy, StudyQuestion asked) {
        return replies.file(".wav", names(policy, asked));
    }

    Optional<Assessment> assessment(PolicyCase policy, StudyQuestion asked) throws IOException {
        return scores.read(names(policy, asked));
    }

    void keep(Assessment assessment, PolicyCase policy, StudyQuestion asked) throws IOException {
        scores.write(assessment, names(policy, asked));
    }

    Optional<TimedReply> timed(PolicyCase policy, StudyQuestion asked) throws IOException {
        return times.read(names(policy, asked));
    }

    void keep(TimedReply timed, PolicyCase policy, StudyQuestion asked) throws IOException {
        times.write(timed, names(policy, asked));
    }

    /** The replies of a policy and their assessments, in the order of the questions. */
    List<ItemResult> results(PolicyCase policy, List<StudyQuestion> questions) throws IOException {
        List<ItemResult> results = new ArrayList<>();
        for (StudyQuestion asked : questions) {
            Optional<KeptReply> reply = reply(policy, asked);
            if (reply.isEmpty()) continue;
            results.add(
                    new ItemResult(asked, reply.get(), assessment(policy, asked).orElse(Assessment.none())));
        }
        return results;
    }

    private static String[] names(PolicyCase policy, StudyQuestion asked) {
        return new String[] {policy.folder(), asked.set().name(), asked.item().id()};
    }
}
