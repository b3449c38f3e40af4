// The names that typing mistakes are made of.

/// Projects that many others depend on.
public struct PopularNames: Sendable {
    private let names: Set<String>
    /// Names by their words in alphabetical order, for those of several words.
    private let namesByWords: [[Substring]: [String]]

    init(names: [String]) {
        self.names = Set(names)
        var namesByWords: [[Substring]: [String]] = [:]
        for name in names where name.contains("-") { namesByWords[Self.words(of: name), default: []].append(name) }
        self.namesByWords = namesByWords
    }

    public func contains(_ name: NormalizedName) -> Bool { contains(name.value) }

    /// How many there are.
    public var count: Int { names.count }

    /// Whether a text is such a name, letter by letter.
    public func contains(_ name: String) -> Bool { names.contains(name) }

    /// A name of the same words in another order.
    public func reordering(of name: String) -> String? {
        namesByWords[Self.words(of: name)]?.first { $0 != name }
    }

    private static func words(of name: String) -> [Substring] { name.split(separator: "-", omittingEmptySubsequences: false).sorted() }

    /// What counts until a longer list is fetched.
    static let bundled = """
        aiohttp
        alembic
        anyio
        appdirs
        argcomplete
        arrow
        asgiref
        asn1crypto
        asyncpg
        attrs
        azure-core
        azure-identity
        azure-storage-blob
        babel
        backoff
        bcrypt
        beautifulsoup4
        black
        bleach
        boto3
        botocore
        build
        cachetools
        celery
        certifi
        cffi
        chardet
        charset-normalizer
        click
        cloudpickle
        colorama
        colorlog
        coverage
        cryptography
        cython
        dask
        databricks-sdk
        datasets
        decorator
        defusedxml
        distlib
        distro
        django
        django-filter
        djangorestframework
        dnspython
        docker
        docutils
        elasticsearch
        email-validator
        et-xmlfile
        exceptiongroup
        execnet
        faker
        fastapi
        filelock
        flake8
        flask
        flask-cors
        flask-sqlalchemy
        frozenlist
        fsspec
        gevent
        gitpython
        google-api-core
        google-auth
        google-cloud-bigquery
        google-cloud-storage
        googleapis-common-protos
        greenlet
        grpcio
        gunicorn
        h11
        httpcore
        httplib2
        httpx
        huggingface-hub
        hypothesis
        idna
        importlib-metadata
        iniconfig
        ipykernel
        ipython
        isodate
        isort
        itsdangerous
        jinja2
        jmespath
        joblib
        jsonpatch
        jsonpointer
        jsonschema
        jupyterlab
        jwcrypto
        keras
        keyring
        kiwisolver
        kubernetes
        langchain
        litellm
        lxml
        mako
        markdown
        markdown-it-py
        markupsafe
        marshmallow
        matplotlib
        mccabe
        mock
        more-itertools
        msal
        msgpack
        multidict
        mypy
        mypy-extensions
        mysqlclient
        networkx
        nltk
        nose
        numba
        numpy
        oauthlib
        openai
        opencv-python
        openpyxl
        opentelemetry-api
        orjson
        packaging
        pandas
        paramiko
        parso
        pathspec
        pendulum
        pexpect
        pillow
        pip
        platformdirs
        playwright
        pluggy
        poetry
        pre-commit
        prettytable
        prometheus-client
        prompt-toolkit
        propcache
        protobuf
        psutil
        psycopg2
        psycopg2-binary
        py4j
        pyarrow
        pyasn1
        pyasn1-modules
        pycparser
        pycryptodome
        pycryptodomex
        pydantic
        pydantic-core
        pygments
        pyinstaller
        pyjwt
        pylint
        pymongo
        pymysql
        pynacl
        pyodbc
        pyopenssl
        pyparsing
        pyserial
        pyspark
        pytest
        pytest-asyncio
        pytest-cov
        pytest-mock
        pytest-xdist
        python-dateutil
        python-dotenv
        python-json-logger
        python-multipart
        pytz
        pywin32
        pyyaml
        pyzmq
        rapidfuzz
        redis
        regex
        requests
        requests-oauthlib
        requests-toolbelt
        rich
        rsa
        ruamel-yaml
        ruff
        s3fs
        s3transfer
        safetensors
        scikit-learn
        scipy
        scrapy
        seaborn
        selenium
        sentry-sdk
        setuptools
        setuptools-scm
        shapely
        simplejson
        six
        sniffio
        snowflake-connector-python
        soupsieve
        sphinx
        sqlalchemy
        sqlparse
        starlette
        sympy
        tabulate
        tenacity
        tensorflow
        termcolor
        threadpoolctl
        tiktoken
        tokenizers
        toml
        tomli
        tomlkit
        torch
        torchvision
        tornado
        tox
        tqdm
        traitlets
        transformers
        twine
        typer
        types-requests
        typing-extensions
        tzdata
        tzlocal
        ujson
        urllib3
        uvicorn
        uvloop
        virtualenv
        watchdog
        watchfiles
        wcwidth
        websocket-client
        websockets
        werkzeug
        wheel
        wrapt
        xlrd
        xlsxwriter
        xmltodict
        yarl
        zipp
        zope-interface
        """
}
