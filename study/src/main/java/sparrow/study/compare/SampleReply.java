package sparrow.study.compare;

import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.StudyQuestion;

/**
 * A reply that a page plays.
 *
 * @param heard the recogniser's transcript, or null if there is none
 * @param wav beginning of the reply's audio as a WAV file, or null if the reply contains no speech
 */
public record SampleReply(StudyQuestion question, PolicyCase policy, KeptReply reply, String heard, byte[] wav) {}
