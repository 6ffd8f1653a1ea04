/** Which SDKs are driven, and in which ways. */

export type Language = 'Node' | 'Python' | 'Java' | 'Go';
export type Signature = 'ACS3' | 'RPC v1' | 'ROA v1';

export interface Way {
  readonly signature: Signature;
  readonly protocol: 'http' | 'https';
  /** Which of its driver's clients. */
  readonly family: string;
  /** Where an SDK has more than one kind of call. */
  readonly style?: string;
}

export interface Sdk {
  readonly language: Language;
  /** As its registry names it. */
  readonly name: string;
  /** What is installed, in the registry's own notation. */
  readonly install: readonly string[];
  /** Told in place of what was installed, where nothing was. */
  readonly version: string;
  /** The checkout has it: as a workspace alone, or as a development dependency too. */
  readonly inCheckout?: 'alone' | 'too';
  readonly ways: readonly Way[];
  /** Steps that ask for a field which the SDK's own answers do not have. */
  readonly unanswered?: readonly string[];
  /** What the SDK makes of the server's codes, where it does not pass them on. */
  readonly tellCode?: (code: string) => string;
}

const way = (family: string, signature: Signature, protocol: Way['protocol'] = 'http'): Way => ({
  family,
  signature,
  protocol,
});

const bothStyles = (signature: Signature, protocol: Way['protocol']): readonly Way[] => [
  { ...way('generated', signature, protocol), style: 'sync' },
  { ...way('generated', signature, protocol), style: 'async' },
];

/** What the clients from 3.1 to 4.0 stand on: driven too, for not every registry has those. */
const CORE = '@alicloud/openapi-client';
const NODE_SDK = '@alicloud/imagesearch20201214';
const PYTHON_SDK = 'alibabacloud_imagesearch20201214';

const node = (name: string, range: string, ...ways: readonly Way[]): Sdk => ({
  language: 'Node',
  name,
  install: [`${name}@${range}`],
  version: range,
  ways,
});

const NODE_SDKS: readonly Sdk[] = [
  {
    ...node('@likeness/sdk', '0.1.0', way('likeness', 'ACS3'), way('likeness', 'ACS3', 'https')),
    inCheckout: 'alone',
  },
  {
    ...node(
      NODE_SDK,
      'latest',
      way('generated', 'ACS3', 'https'),
      way('generated', 'ACS3'),
      way('generated', 'RPC v1'),
    ),
    inCheckout: 'too',
  },
  node(NODE_SDK, '~4.2.0', way('generated', 'ACS3')),
  node(NODE_SDK, '~4.0.0', way('generated', 'ACS3')),
  node(NODE_SDK, '~3.1.0', way('generated', 'RPC v1')),
  node('@alicloud/imagesearch20200212', 'latest', way('generated', 'RPC v1')),
  node('@alicloud/imagesearch-2019-03-25', 'latest', way('roa', 'ROA v1')),
  {
    ...node(CORE, '~0.4.0', way('cores', 'ACS3'), way('cores', 'RPC v1')),
    install: [`${CORE}@~0.4.0`, '@alicloud/oss-client@~1.1.0'],
  },
  node(CORE, '~0.3.0', way('core-rpc', 'RPC v1')),
  {
    ...node('@alicloud/rpc-client', 'latest', way('rpc-client', 'RPC v1')),
    tellCode: (code) => `${code}Error`,
  },
  {
    ...node(
      '@alicloud/pop-core',
      'latest',
      way('pop-core', 'RPC v1'),
      way('pop-core', 'RPC v1', 'https'),
    ),
    inCheckout: 'too',
  },
];

const python = (version: string, install: readonly string[], ways: readonly Way[]): Sdk => ({
  language: 'Python',
  name: PYTHON_SDK,
  install,
  version,
  ways,
});

const PYTHON_SDKS: readonly Sdk[] = [
  python('newest', [PYTHON_SDK], [...bothStyles('ACS3', 'https'), ...bothStyles('ACS3', 'http')]),
  python('4.2.2', [`${PYTHON_SDK}==4.2.2`], bothStyles('ACS3', 'http')),
  // With the newer core that pip would choose by itself every call ends inside the SDK.
  python(
    '3.1.3',
    [`${PYTHON_SDK}==3.1.3`, 'alibabacloud-tea-openapi==0.2.10'],
    bothStyles('RPC v1', 'http'),
  ),
  {
    language: 'Python',
    name: 'aliyun-python-sdk-imagesearch',
    install: ['aliyun-python-sdk-imagesearch'],
    version: 'newest',
    ways: [way('legacy', 'ROA v1'), way('legacy', 'ROA v1', 'https')],
  },
];

const java = (
  name: string,
  version: string,
  install: readonly string[],
  ways: readonly Way[],
): Sdk => ({
  language: 'Java',
  name,
  install,
  version,
  ways,
});

const JAVA_SDKS: readonly Sdk[] = [
  java(
    'com.aliyun:imagesearch20201214',
    '4.0.2',
    ['com.aliyun:imagesearch20201214:4.0.2'],
    [way('generated', 'ACS3'), way('generated', 'ACS3', 'https')],
  ),
  java(
    'com.aliyun:tea-openapi',
    '0.3.15',
    ['com.aliyun:tea-openapi:0.3.15', 'com.aliyun:tea:1.4.2'],
    [way('core', 'ACS3'), way('core', 'ACS3', 'https'), way('core', 'RPC v1')],
  ),
  {
    ...java(
      'com.aliyun:aliyun-java-sdk-imagesearch',
      '2.0.0',
      ['com.aliyun:aliyun-java-sdk-core:4.7.10', 'com.aliyun:aliyun-java-sdk-imagesearch:2.0.0'],
      [way('legacy', 'ROA v1'), way('legacy', 'ROA v1', 'https')],
    ),
    unanswered: ['score'],
    // It sees its own string to sign in the message, and concludes that the secret must be wrong.
    tellCode: (code) => (code === 'SignatureDoesNotMatch' ? 'SDK.InvalidAccessKeySecret' : code),
  },
];

const OPENAPI = 'github.com/alibabacloud-go/darabonba-openapi';
const go = (name: string, version: string, ways: readonly Way[]): Sdk => ({
  language: 'Go',
  name,
  install: [`${name}@v${version}`],
  version,
  ways,
});

const GO_SDKS: readonly Sdk[] = [
  go('github.com/alibabacloud-go/imagesearch-20201214/v4', '4.4.0', []),
  go(`${OPENAPI}/v2`, '2.2.2', [
    way('core22', 'ACS3'),
    way('core22', 'ACS3', 'https'),
    way('core22', 'RPC v1'),
  ]),
  go(`${OPENAPI}/v2`, '2.0.10', [way('core20', 'ACS3')]),
  go(OPENAPI, '0.1.4', [way('core01', 'RPC v1')]),
  go('github.com/aliyun/alibaba-cloud-sdk-go', '1.63.107', [
    way('legacy', 'RPC v1'),
    way('legacy', 'RPC v1', 'https'),
    way('legacy-typed', 'ROA v1'),
  ]),
];

export const SDKS: readonly Sdk[] = [...NODE_SDKS, ...PYTHON_SDKS, ...JAVA_SDKS, ...GO_SDKS];

/** Languages that the vendor has SDKs for, and that have no driver here. */
export const UNDRIVEN = [
  { language: 'PHP', tool: 'php', name: 'alibabacloud/imagesearch-20201214' },
  { language: 'C#', tool: 'dotnet', name: 'AlibabaCloud.SDK.ImageSearch20201214' },
] as const;
