// What each check of the verifier is called, and what it means: [English, 中文].
import type { CheckName } from "../verifier/index.ts";

type Pair = readonly [string, string];

export const checkWords: Record<CheckName, { title: Pair; meaning: Pair }> = {
  encoding: {
    title: ["Well formed", "格式正确"],
    meaning: [
      "One strict encoding, nothing unknown, nothing left over",
      "编码唯一且严格，没有未知或多余内容",
    ],
  },
  path_lengths: {
    title: ["Exact proofs", "证明长度准确"],
    meaning: ["Both proofs are exactly as long as they must be", "两条证明路径的长度恰好正确"],
  },
  statement: {
    title: ["The right statement", "声明正确"],
    meaning: ["An allocation of this very chain", "是本链的一份分配声明"],
  },
  receipts: {
    title: ["Genuine signatures", "签名真实"],
    meaning: [
      "Each receipt was signed by a different validator, over the same log",
      "每份回执由不同验证者对同一日志签署",
    ],
  },
  quorum: {
    title: ["Enough of them", "签名足够"],
    meaning: ["More than two thirds of the validators signed", "超过三分之二的验证者签署"],
  },
  height: {
    title: ["Within your trust", "在信任范围内"],
    meaning: ["Your trust file covers this height", "信任文件覆盖此高度"],
  },
  link_path: {
    title: ["This very tree", "正是这棵树"],
    meaning: ["The tree and its unit belong to that statement", "这棵树和这一份属于该声明"],
  },
  opening: {
    title: ["Your reference", "你的标识"],
    meaning: ["Your reference opens a commitment of this tree", "你的标识与这棵树的承诺值相符"],
  },
  status: {
    title: ["State at that height", "当时的状态"],
    meaning: ["The state was proven under the signed header", "状态由已签署的区块头证明"],
  },
  set_changes: {
    title: ["Changes of validators", "验证者更替"],
    meaning: ["Each new set was certified by the one before it", "每一届验证者均由上一届确认"],
  },
  issuer_signature: {
    title: ["The issuer's own signature", "签发方签名"],
    meaning: ["Checked where a trusted source holds the key", "在可信来源持有密钥时检查"],
  },
};
