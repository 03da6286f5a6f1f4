package sparrow.study.compare;

import sparrow.study.run.KeptReply;

/** One reply of a row and what is thought of it. */
record ItemResult(Asked asked, KeptReply reply, Assessment assessment) {}
