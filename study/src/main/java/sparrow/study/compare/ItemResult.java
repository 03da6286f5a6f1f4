package sparrow.study.compare;

import sparrow.study.run.KeptReply;
import sparrow.study.run.StudyQuestion;

/** One reply of a row and what is thought of it. */
record ItemResult(StudyQuestion asked, KeptReply reply, Assessment assessment) {}
