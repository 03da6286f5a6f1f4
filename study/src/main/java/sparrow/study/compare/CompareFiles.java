package sparrow.study.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.formats.AtomicFile;
import sparrow.study.compare.Judging.Judgments;
import sparrow.study.compare.TimingPass.TimedReply;
import sparrow.study.folder.FileDigest;
import sparrow.study.folder.ItemFiles;
import sparrow.study.folder.RunFolder;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.ResultStore;
import sparrow.study.run.StudyQuestion;
import sparrow.study.scoring.AudioScores;
import sparrow.study.scoring.AudioScoring;
import sparrow.study.scoring.ScoringPlan;

/**
 * The files of a comparison: {@code replies/} contains replies and their audio by policy and question,
 * {@code audio-scores/} contains scores by clip digest, {@code judgments/} contains judgments by question, and
 * {@code times/} contains times, which differ between runs.
 */
final class CompareFiles implements ResultStore<StudyQuestion, SpokenReplyJob.SpokenReply> {
    private final ScoringPlan plan;
    private final ItemFiles<KeptReply> replies;
    private final ItemFiles<AudioScores> audioScores;
    private final ItemFiles<Judgments> judgments;
    private final ItemFiles<TimedReply> times;

    /** A reply of a policy, with its scores. */
    record ItemResult(StudyQuestion question, KeptReply reply, ReplyScores scores) {}

    CompareFiles(RunFolder run, ScoringPlan plan) {
        this.plan = plan;
        replies = run.items("replies", KeptReply.class);
        audioScores = run.items("audio-scores", AudioScores.class);
        judgments = run.items("judgments", Judgments.class);
        times = run.items("times", TimedReply.class);
    }

    /** Returns whether a reply and its complete audio are stored. Reads the audio. */
    @Override
    public boolean holds(StudyQuestion question, PolicyCase policy) throws IOException {
        Optional<KeptReply> reply = reply(policy, question);
        return reply.isPresent() && hasSound(reply.get(), policy, question);
    }

    /** Returns a stored reply. Only {@link #holds} checks its audio. */
    Optional<KeptReply> reply(PolicyCase policy, StudyQuestion question) throws IOException {
        return replies.read(names(policy, question));
    }

    private boolean hasSound(KeptReply reply, PolicyCase policy, StudyQuestion question) throws IOException {
        if (reply.speech() == null) return true;
        try {
            return FileDigest.sha256(Files.readAllBytes(wav(policy, question)))
                    .equals(reply.speech().sha256());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Stores a reply's audio first, and then the reply. */
    @Override
    public void keep(StudyQuestion question, PolicyCase policy, SpokenReplyJob.SpokenReply found) throws IOException {
        if (found.wav() != null) {
            Path wav = wav(policy, question);
            Files.createDirectories(wav.getParent());
            AtomicFile.write(wav, found.wav());
        }
        replies.write(found.reply(), names(policy, question));
    }

    Path wav(PolicyCase policy, StudyQuestion question) {
        return replies.file(".wav", names(policy, question));
    }

    /** Returns the stored scores of clips, by digest. */
    ItemFiles<AudioScores> audioScores() {
        return audioScores;
    }

    Judgments judgments(StudyQuestion question) throws IOException {
        return judgments.read(question.set().name(), question.item().id()).orElse(Judgments.NONE);
    }

    void keep(Judgments found, StudyQuestion question) throws IOException {
        judgments.write(found, question.set().name(), question.item().id());
    }

    /** Returns the stored scores of a reply. */
    ReplyScores scores(StudyQuestion question, KeptReply reply) throws IOException {
        String sha256 = reply.speech() == null ? "" : reply.speech().sha256();
        Optional<AudioScores> audio = sha256.isEmpty() ? Optional.empty() : audioScores.read(sha256);
        return ReplyScores.of(
                reply, plan.transcribes(question), audio.orElse(AudioScores.none(sha256)), judgments(question));
    }

    /** Returns the clips of all stored replies, one per digest. */
    Collection<AudioScoring.ClipFile> clips(List<PolicyCase> policies, List<StudyQuestion> questions)
            throws IOException {
        SequencedMap<String, AudioScoring.ClipFile> clips = new LinkedHashMap<>();
        for (StudyQuestion question : questions) {
            for (PolicyCase policy : policies) {
                Optional<KeptReply> reply = reply(policy, question);
                if (reply.isEmpty() || reply.get().speech() == null) continue;
                AudioScoring.ClipFile clip = new AudioScoring.ClipFile(
                        reply.get().speech().sha256(), wav(policy, question), plan.transcribes(question));
                clips.merge(clip.sha256(), clip, (known, same) -> known.transcribed() ? known : same);
            }
        }
        return clips.values();
    }

    Optional<TimedReply> timed(PolicyCase policy, StudyQuestion question) throws IOException {
        return times.read(names(policy, question));
    }

    void keep(TimedReply timed, PolicyCase policy, StudyQuestion question) throws IOException {
        times.write(timed, names(policy, question));
    }

    /** Returns the stored replies of a policy with their scores, in the order of the questions. */
    List<ItemResult> results(PolicyCase policy, List<StudyQuestion> questions) throws IOException {
        List<ItemResult> results = new ArrayList<>();
        for (StudyQuestion question : questions) {
            Optional<KeptReply> reply = reply(policy, question);
            if (reply.isEmpty()) continue;
            results.add(new ItemResult(question, reply.get(), scores(question, reply.get())));
        }
        return results;
    }

    private static String[] names(PolicyCase policy, StudyQuestion question) {
        return new String[] {
            policy.folder(), question.set().name(), question.item().id()
        };
    }
}
